/**
 * Parts of the system go away under load and come back: what was acknowledged is there, and nothing happened twice.
 * These tests share a Paymaster of their own, which they leave running as they found it.
 */
@NullMarked
package dev.paymaster.system.fault;

import org.jspecify.annotations.NullMarked;
