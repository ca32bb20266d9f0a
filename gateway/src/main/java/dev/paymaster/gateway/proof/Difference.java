package dev.paymaster.gateway.proof;

/**
 * Something that is not as it must be.
 *
 * @param rule what it breaks, for programs
 * @param subject the id of what it is about
 * @param detail what is there, and what should be, for people
 */
record Difference(String rule, String subject, String detail) {}
