/**
 * (4) What kinds of jobs there are, and what each costs its sender and pays its receiver.
 * It comes from the settings, and without any it is the default of the contract.
 */
@NullMarked
package dev.paymaster.job.catalogue;

import org.jspecify.annotations.NullMarked;
