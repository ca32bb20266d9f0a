/** Stripe's protocol, by tables of input and outcome. */
@NullMarked
package dev.paymaster.stripesandbox.api;

import org.jspecify.annotations.NullMarked;
