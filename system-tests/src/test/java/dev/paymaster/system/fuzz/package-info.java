/** Input of every kind, made from what valid input looks like: nothing breaks, and nothing is given away. */
@NullMarked
package dev.paymaster.system.fuzz;

import org.jspecify.annotations.NullMarked;
