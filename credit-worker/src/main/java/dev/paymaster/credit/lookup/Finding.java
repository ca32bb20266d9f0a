package dev.paymaster.credit.lookup;

import tools.jackson.databind.node.ObjectNode;

/**
 * An object of Stripe's that answers a lookup.
 *
 * @param eventType of the event that tells of such an object
 */
public record Finding(String eventType, ObjectNode object) {}
