package dev.paymaster.system.chaos;

import java.util.Map;

/** How many instances of each service are started. */
record Size(Map<Service, Integer> instances) {
    /** Two of each: every partition has somebody else to go to. */
    static final Size DEFAULT = of(2);

    static Size of(int each) {
        return new Size(Map.of(
                Service.GATEWAY, each,
                Service.CREDIT_WORKER, each,
                Service.JOB_SERVICE, each,
                Service.PAYOUT_WORKER, each));
    }

    int of(Service service) {
        return instances.getOrDefault(service, 1);
    }
}
