/** How the gateway uses the database: transactions, long reads, and what becomes of connections. */
@NullMarked
package dev.paymaster.gateway.database;

import org.jspecify.annotations.NullMarked;
