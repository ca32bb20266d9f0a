/**
 * That the benchmarks work; how fast anything is, no test says.
 */
@NullMarked
package dev.paymaster.system.bench;

import org.jspecify.annotations.NullMarked;
