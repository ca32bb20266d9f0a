/** How a service begins and ends: what its start waits for, and how long its stop may take. */
@NullMarked
package dev.paymaster.messaging.lifetime;

import org.jspecify.annotations.NullMarked;
