/**
 * Keeps the contract's JSON Schemas: made from the records, checked in, and never broken.
 * {@code ./mvnw -pl common-events test -Dschemas=write} writes them anew after a change of a record, and
 * {@code -Dschemas=release} also makes them what later changes are measured by.
 */
@NullMarked
package dev.paymaster.events.schema;

import org.jspecify.annotations.NullMarked;
