using System.Net.Mime;
using System.Text;

namespace Dske.Console.Access;

/// <summary>
/// <c>/login</c>: takes the token from the address, as it is printed or sent, or from a form. The page needs no script and no file, since
/// nothing is served to those who have not shown the token.
/// </summary>
internal static class LoginPage
{
    private const string Page =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Log in · Dske</title><link rel="icon" type="image/svg+xml" href="/favicon.svg">
        <style>
        :root { color-scheme: light dark; font: 16px/1.5 "Segoe UI", system-ui, sans-serif }
        body { display: grid; place-items: center; min-height: 100dvh; margin: 0; background: light-dark(#fafafa, #1f1f1f); color: light-dark(#242424, #fff) }
        form { display: grid; gap: 12px; width: min(340px, 84vw); padding: 28px; background: light-dark(#fff, #292929); border-radius: 8px; box-shadow: 0 2px 12px rgb(0 0 0 / 18%) }
        h1 { margin: 0; font-size: 20px } p { margin: 0; color: light-dark(#616161, #adadad); font-size: 14px } p[role=alert] { color: light-dark(#b10e1c, #dc626d) }
        input, button { font: inherit; padding: 8px 10px; border-radius: 4px; border: 1px solid light-dark(#767676, #8f8f8f) }
        button { background: #0f6cbd; border-color: #0f6cbd; color: #fff; cursor: pointer }
        </style>
        </head>
        <body>
        <form method="post" action="/login">
        <h1>Dske console</h1>
        {0}
        <label for="t">Token</label>
        <input id="t" name="t" type="password" autocomplete="current-password" required autofocus maxlength="256">
        <button>Log in</button>
        <p>It stands in the file that Dske:Console:TokenFile names.</p>
        </form>
        </body>
        </html>
        """;

    /// <summary>Maps the page.</summary>
    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PageGate.LoginPath, (HttpContext context, PageGate gate, string? t = null) => Answer(context, gate, t, t is not null));
        routes.MapPost(PageGate.LoginPath, async (HttpContext context, PageGate gate) =>
            context.Request.HasFormContentType && await context.Request.ReadFormAsync(context.RequestAborted) is var form
                ? Answer(context, gate, form["t"], wasShown: true)
                : Results.StatusCode(StatusCodes.Status415UnsupportedMediaType)).DisableAntiforgery();
    }

    private static IResult Answer(HttpContext context, PageGate gate, string? token, bool wasShown)
    {
        // Not by the address bar's history: the token is gone from it once the browser is led on.
        context.Response.Headers.CacheControl = "no-store";
        if (gate.TryLogIn(context, token))
        {
            return Results.LocalRedirect("/");
        }

        var hint = wasShown ? "<p role=\"alert\">That is not the token.</p>" : string.Empty;
        return Results.Text(
            Page.Replace("{0}", hint, StringComparison.Ordinal),
            MediaTypeNames.Text.Html,
            Encoding.UTF8,
            wasShown ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);
    }
}
