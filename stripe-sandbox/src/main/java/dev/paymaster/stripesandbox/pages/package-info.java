/**
 * The pages that people click: hosted Checkout, Express onboarding, the billing portal. Plain HTML that works without
 * scripts; they do what the control endpoints do, through the same methods.
 */
@NullMarked
package dev.paymaster.stripesandbox.pages;

import org.jspecify.annotations.NullMarked;
