/**
 * Where a record goes that is itself at fault: with its bytes, its coordinates and what went wrong.
 * It leaves through the outbox like any other record, so it can neither be lost nor block its partition.
 */
@NullMarked
package dev.paymaster.messaging.deadletter;

import org.jspecify.annotations.NullMarked;
