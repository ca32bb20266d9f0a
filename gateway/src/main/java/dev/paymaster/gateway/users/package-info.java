/**
 * Users and their API keys, and who a caller is.
 * Keys are shown once and kept only as hashes.
 */
@NullMarked
package dev.paymaster.gateway.users;

import org.jspecify.annotations.NullMarked;
