/**
 * A real Kafka broker inside this JVM and a real PostgreSQL 18 beside it, for the standalone and for tests.
 * Both keep what they were given on disk, listen on 127.0.0.1 only, and need nothing installed.
 */
@NullMarked
package dev.paymaster.embedded;

import org.jspecify.annotations.NullMarked;
