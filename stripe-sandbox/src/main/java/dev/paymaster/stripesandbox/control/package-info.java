/**
 * The control door's calls, as features offer them: what scripts do where people use pages, and what nobody can do at
 * Stripe.
 */
@NullMarked
package dev.paymaster.stripesandbox.control;

import org.jspecify.annotations.NullMarked;
