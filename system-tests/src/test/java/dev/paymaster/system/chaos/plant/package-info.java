/**
 * Bugs that Paymaster doesn't have, planted into its processes one at a time, to see that the chaos run finds them.
 */
@NullMarked
package dev.paymaster.system.chaos.plant;

import org.jspecify.annotations.NullMarked;
