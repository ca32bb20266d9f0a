/**
 * Violations on purpose, for the rules to find.
 * Nothing uses these classes.
 */
@NullMarked
package dev.paymaster.system.house.planted;

import org.jspecify.annotations.NullMarked;
