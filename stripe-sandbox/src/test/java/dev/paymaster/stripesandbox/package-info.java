/** The sandbox as its clients meet it: over HTTP, through the unmodified stripe-java, by its pages and webhooks. */
@NullMarked
package dev.paymaster.stripesandbox;

import org.jspecify.annotations.NullMarked;
