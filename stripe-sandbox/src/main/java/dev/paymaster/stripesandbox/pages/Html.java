package dev.paymaster.stripesandbox.pages;

import java.util.Locale;

/** The frame of every page, and escaping. */
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1a1f36; --soft: #5b6478; --line: #d5dbe5; --page: #f4f6fa;
              --card: #fff; --act: #4a43d6; --act-ink: #fff; --bad: #b3123c; --bad-page: #fdecf0 }
            @media (prefers-color-scheme: dark) { :root { --ink: #edf0f7; --soft: #a9b2c6; --line: #3a4257;
              --page: #12151f; --card: #1c2130; --act: #9c98ff; --act-ink: #12151f; --bad: #ff9db3; --bad-page: #3a1822 } }
            * { box-sizing: border-box }
            body { margin: 0; background: var(--page); color: var(--ink);
              font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
            main { max-width: 30rem; margin: 2.5rem auto; padding: 2rem; background: var(--card);
              border: 1px solid var(--line); border-radius: .75rem }
            h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem }
            .mark { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 0 0 1.5rem }
            .soft, .hint { color: var(--soft) } .hint { font-size: .875rem; margin: .25rem 0 0 }
            table { width: 100%; border-collapse: collapse; margin: 0 0 1.5rem }
            td, th { padding: .5rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400 }
            td:last-child, th:last-child { text-align: right } .total td { font-weight: 600; border: 0 }
            label { display: block; font-weight: 600; margin: 1rem 0 .25rem }
            input { width: 100%; font: inherit; padding: .65rem .75rem; color: inherit; background: var(--page);
              border: 1px solid var(--soft); border-radius: .4rem }
            button, .button { display: block; width: 100%; margin-top: 1rem; padding: .75rem; font: inherit;
              font-weight: 600; text-align: center; text-decoration: none; color: var(--act-ink);
              background: var(--act); border: 1px solid var(--act); border-radius: .4rem; cursor: pointer }
            .quiet { color: var(--act); background: transparent }
            a { color: var(--act) }
            :focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
            .alert { margin: 0 0 1rem; padding: .75rem 1rem; color: var(--bad); background: var(--bad-page);
              border-left: .25rem solid var(--bad); border-radius: .25rem }
            code { font-size: .9em }
            """;

    private Html() {}

    /**
     * A whole page.
     *
     * @param title plain text
     * @param content HTML whose variable parts were escaped
     */
    static String page(String title, String content) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <p class="mark">Stripe sandbox · test mode, no real money</p>
                %s
                </main>
                </body>
                </html>
                """.formatted(escape(title), STYLE, content);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String dollars(long cents) {
        return String.format(Locale.ROOT, "$%,d.%02d", cents / 100, cents % 100);
    }
}
