package dev.paymaster.gateway.live;

import dev.paymaster.events.Topics;

/** One subject's way to its worker and back. */
public enum Channel {
    JOB(Topics.JOB_COMMANDS, Topics.JOB_EVENTS, "api.job_outcome"),
    CREDIT(Topics.CREDIT_COMMANDS, Topics.CREDIT_EVENTS, "api.credit_outcome"),
    PAYOUT(Topics.PAYOUT_COMMANDS, Topics.PAYOUT_EVENTS, "api.payout_outcome");

    private final String commands;
    private final String events;
    private final String outcomes;

    Channel(String commands, String events, String outcomes) {
        this.commands = commands;
        this.events = events;
        this.outcomes = outcomes;
    }

    /** The topic that takes the commands. */
    String commands() {
        return commands;
    }

    /** The topic on which their outcomes come. */
    String events() {
        return events;
    }

    /** The view in which their outcomes stay. */
    String outcomes() {
        return outcomes;
    }
}
