/**
 * A local Stripe with a memory: the API, the hosted pages, signed webhooks and a clock that can be moved.
 * {@link dev.paymaster.stripesandbox.StripeSandbox} is its one door; nothing in here knows Paymaster.
 */
@NullMarked
package dev.paymaster.stripesandbox;

import org.jspecify.annotations.NullMarked;
