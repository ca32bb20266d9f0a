/**
 * That the chaos run works, and that it turns red when a bug is planted.
 */
@NullMarked
package dev.paymaster.system.chaos;

import org.jspecify.annotations.NullMarked;
