/**
 * What can be bought and asked for: tiers, top-ups and skills.
 * The same settings that credit-worker and job-service go by; what is charged and granted is decided there.
 */
@NullMarked
package dev.paymaster.gateway.catalogue;

import org.jspecify.annotations.NullMarked;
