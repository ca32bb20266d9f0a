/**
 * (3) Jobs over HTTP: create, accept, submit, verify, cancel, read.
 * Every change is a command to job-service; what is read comes from its view.
 */
@NullMarked
package dev.paymaster.gateway.jobs;

import org.jspecify.annotations.NullMarked;
