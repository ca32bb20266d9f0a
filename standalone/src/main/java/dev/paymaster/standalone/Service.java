package dev.paymaster.standalone;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.job.JobServiceApplication;
import dev.paymaster.payout.PayoutWorkerApplication;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The four services. */
public enum Service {
    CREDIT_WORKER("paymaster_credit"),
    JOB_SERVICE("paymaster_job"),
    PAYOUT_WORKER("paymaster_payout"),
    GATEWAY("paymaster_gateway");

    private final String databaseUser;

    Service(String databaseUser) {
        this.databaseUser = databaseUser;
    }

    /** The role that the service logs in with. */
    String databaseUser() {
        return databaseUser;
    }

    /**
     * Starts the service and returns when it is up. Only the gateway listens on ports: the workers' health and metrics
     * have an address of their own only where each worker is a process of its own.
     */
    ConfigurableApplicationContext run(List<String> arguments) {
        return application()
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
    }

    private SpringApplicationBuilder application() {
        return switch (this) {
            case CREDIT_WORKER -> CreditWorkerApplication.application();
            case JOB_SERVICE -> JobServiceApplication.application();
            case PAYOUT_WORKER -> PayoutWorkerApplication.application();
            case GATEWAY -> GatewayApplication.application();
        };
    }
}
