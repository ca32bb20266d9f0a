/**
 * What every call has in common: strict JSON, problem answers, request ids, pages, repeated POSTs.
 * The only technical package here; it knows no business word.
 */
@NullMarked
package dev.paymaster.gateway.http;

import org.jspecify.annotations.NullMarked;
