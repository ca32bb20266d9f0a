package dev.paymaster.system.chaos;

import java.util.List;

/** The four services, as the deployment names them. */
enum Service {
    GATEWAY("gateway", "paymaster_gateway"),
    CREDIT_WORKER("credit-worker", "paymaster_credit"),
    JOB_SERVICE("job-service", "paymaster_job"),
    PAYOUT_WORKER("payout-worker", "paymaster_payout");

    /** All that read from Kafka in a group. */
    static final List<Service> WORKERS = List.of(CREDIT_WORKER, JOB_SERVICE, PAYOUT_WORKER);

    private final String title;
    private final String databaseUser;

    Service(String title, String databaseUser) {
        this.title = title;
        this.databaseUser = databaseUser;
    }

    String title() {
        return title;
    }

    String databaseUser() {
        return databaseUser;
    }

    /** One of several instances, numbered from 1. */
    String instance(int number) {
        return title + "-" + number;
    }
}
