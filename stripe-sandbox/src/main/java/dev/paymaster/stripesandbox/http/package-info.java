/**
 * Requests and answers between the JDK's HTTP server and the rest: bounded bodies, cut connections, JSON and pages.
 * Knows no Stripe object.
 */
@NullMarked
package dev.paymaster.stripesandbox.http;

import org.jspecify.annotations.NullMarked;
