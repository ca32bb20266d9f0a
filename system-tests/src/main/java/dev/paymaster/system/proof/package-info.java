/**
 * What must hold whenever a running Paymaster is at rest, checked without the help of any code under test.
 * Start at {@link dev.paymaster.system.proof.Findings}.
 */
@NullMarked
package dev.paymaster.system.proof;

import org.jspecify.annotations.NullMarked;
