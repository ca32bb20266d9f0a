/**
 * Rules about the code itself: who may depend on whom, and what no file may hold.
 * Each is seen to fail on a planted violation.
 */
@NullMarked
package dev.paymaster.system.house;

import org.jspecify.annotations.NullMarked;
