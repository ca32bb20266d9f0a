/**
 * That processes and the ways between them break as they are told to, and are whole again.
 */
@NullMarked
package dev.paymaster.system.process;

import org.jspecify.annotations.NullMarked;
