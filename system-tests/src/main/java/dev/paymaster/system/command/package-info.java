/**
 * What the commands of this module have in common: where they work, how they wait, and what they say meanwhile.
 */
@NullMarked
package dev.paymaster.system.command;

import org.jspecify.annotations.NullMarked;
