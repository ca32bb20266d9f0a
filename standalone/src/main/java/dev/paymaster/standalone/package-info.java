/**
 * Everything in one JVM: an embedded broker and database, a local Stripe, and the four services, for one command on a
 * fresh machine and for tests of the whole system. Nothing here decides anything; it starts, connects and stops.
 */
@NullMarked
package dev.paymaster.standalone;

import org.jspecify.annotations.NullMarked;
