/**
 * Payments and what came back of them (2b), in the database: facts are recorded as they are told, and a purchase that is
 * concerned is reviewed, by a command of its user's, when both it and its payment are known.
 */
@NullMarked
package dev.paymaster.credit.payment;

import org.jspecify.annotations.NullMarked;
