/**
 * The contract of Paymaster: topics, the envelope of every record, and how message types are named.
 * Integrators may depend on this module; it needs nothing but Jackson's annotations, and only ever grows.
 */
@NullMarked
package dev.paymaster.events;

import org.jspecify.annotations.NullMarked;
