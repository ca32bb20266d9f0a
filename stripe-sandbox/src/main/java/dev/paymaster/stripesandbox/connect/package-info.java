/**
 * Money going out: connected accounts, their onboarding and capabilities, and transfers to them.
 * An account can be paid when its {@code transfers} capability is active, and at no other time.
 */
@NullMarked
package dev.paymaster.stripesandbox.connect;

import org.jspecify.annotations.NullMarked;
