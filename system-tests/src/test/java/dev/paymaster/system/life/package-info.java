/**
 * Money after it was paid: how credits follow it, whatever happens to it at Stripe. {@link
 * dev.paymaster.system.life.ScenarioTableTest} is the table to read.
 */
@NullMarked
package dev.paymaster.system.life;

import org.jspecify.annotations.NullMarked;
