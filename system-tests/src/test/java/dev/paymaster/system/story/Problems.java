package dev.paymaster.system.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;

/** The one shape of everything that goes wrong. */
final class Problems {
    private Problems() {}

    static void isProblem(Answer answer) {
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.number("/status")).isEqualTo(answer.status());
        for (String field : new String[] {"/type", "/title", "/detail", "/code", "/request_id"}) {
            assertThat(answer.text(field)).as("%s of %s", field, answer).isNotBlank();
        }
        assertThat(answer.text("/code")).matches("[a-z][a-z_]*");
        assertThat(answer.text("/error")).isEqualTo(answer.text("/detail"));
        assertThat(answer.header("X-Request-Id")).contains(answer.text("/request_id"));
    }
}
