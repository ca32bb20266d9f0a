/**
 * Stripe's protocol without its objects: form decoding, declared parameters, errors, lists, expansion, routing.
 * The features declare {@link dev.paymaster.stripesandbox.api.Endpoint}s in these terms.
 */
@NullMarked
package dev.paymaster.stripesandbox.api;

import org.jspecify.annotations.NullMarked;
