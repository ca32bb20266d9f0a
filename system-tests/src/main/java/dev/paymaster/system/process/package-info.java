/**
 * Processes of this machine and the ways between them, which tests and the chaos run break: killed, frozen, cut off, silent.
 */
@NullMarked
package dev.paymaster.system.process;

import org.jspecify.annotations.NullMarked;
