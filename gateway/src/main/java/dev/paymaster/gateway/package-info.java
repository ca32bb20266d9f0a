/**
 * The HTTP side of Paymaster: what clients and Stripe call.
 * It turns requests into commands and events into answers, and decides nothing about money itself.
 */
@NullMarked
package dev.paymaster.gateway;

import org.jspecify.annotations.NullMarked;
