/**
 * One place for what no worker could apply: dead letters of all topics are kept in the database, where an administrator sees,
 * replays and discards them. The bytes are never changed.
 */
@NullMarked
package dev.paymaster.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
