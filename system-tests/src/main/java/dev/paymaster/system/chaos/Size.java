package dev.paymaster.system.chaos;

import java.util.List;
import java.util.Map;

/**
 * What is started.
 *
 * @param instances of each service
 * @param java options of Java for each process of a service, besides those that all have
 */
record Size(Map<Service, Integer> instances, Map<Service, List<String>> java) {
    /** Two of each: every partition has somebody else to go to. */
    static final Size DEFAULT = new Size(
            Map.of(Service.GATEWAY, 2, Service.CREDIT_WORKER, 2, Service.JOB_SERVICE, 2, Service.PAYOUT_WORKER, 2),
            Map.of());

    int of(Service service) {
        return instances.getOrDefault(service, 1);
    }

    List<String> javaOf(Service service) {
        return java.getOrDefault(service, List.of());
    }
}
