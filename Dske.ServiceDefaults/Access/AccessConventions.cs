using Dske.ServiceDefaults.Problems;
using Dske.ServiceDefaults.Routing;
using Dske.ServiceDefaults.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Dske.ServiceDefaults.Access;

/// <summary>
/// Who is let through to a route. The check stands before everything the route does, binding of its parameters included; a refusal
/// is a 403 problem with a type of <see cref="ProblemTypes"/>.
/// </summary>
public static class AccessConventions
{
    /// <summary>
    /// For out-of-band and management routes: answers callers on this machine, over TLS, or through a trusted front
    /// (<see cref="AccessOptions.TrustFront"/>), who address the node by a name of its own. Requests that change state, by their
    /// method, must not come from another origin's page either.
    /// </summary>
    /// <param name="builder">The route or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder LocalOnly<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Restrict(static (policy, context) =>
            CheckLocal(policy, context) ?? CheckHost(policy, context) ?? CheckOriginWhenUnsafe(context));

    /// <summary>
    /// For routes that change state, whatever their method: refuses a <c>Host</c> that is not this node and requests that a browser
    /// sends for another origin's page. Adds to <see cref="LocalOnly"/> where a GET changes state, such as fetching PSRD.
    /// </summary>
    /// <param name="builder">The route or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder StateChanging<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Restrict(static (policy, context) => CheckHost(policy, context) ?? CheckOrigin(context));

    /// <summary>
    /// For routes that go by who calls. Like <see cref="LocalOnly"/>, but being able to connect over TLS is not enough: callers on this machine are
    /// believed, others have to show a certificate (<see cref="TlsOptions"/>).
    /// </summary>
    /// <param name="builder">The route or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder LoopbackOnly<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Restrict(static (policy, context) => policy.IsOnLoopback(context) || AccessPolicy.IsKnown(context)
            ? CheckHost(policy, context) ?? CheckOriginWhenUnsafe(context)
            : Refusal(
                ProblemTypes.LocalOnly,
                $"This route answers callers on the same machine, and those elsewhere who show a client certificate ({TlsOptions.Section}). "
                + $"Behind a front that knows its callers, set {AccessOptions.Section}:{nameof(AccessOptions.TrustFront)}."));

    /// <summary>
    /// For routes that are the operator's, such as the one that ends the node: an encrypted connection is not enough for them. Adds to
    /// <see cref="LocalOnly"/>: callers on another machine have to show a token (<see cref="AccessOptions.OperatorTokenFile"/>).
    /// </summary>
    /// <param name="builder">The route or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OperatorOnly<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Restrict(static (policy, context) => policy.IsOperator(context)
            ? null
            : Refusal(
                ProblemTypes.OperatorOnly,
                "This route answers callers on the same machine, or the operator over TLS with 'Authorization: Bearer' and the token of "
                + $"{AccessOptions.Section}:{nameof(AccessOptions.OperatorTokenFile)}."));

    /// <summary>
    /// For routes through which secrets pass, sealed: to sit on this machine is not enough for them, nor is the operator's token from elsewhere. Adds to
    /// <see cref="LocalOnly"/>: callers show the token of <see cref="AccessOptions.OperatorTokenFile"/>, and without one the routes answer nobody.
    /// </summary>
    /// <param name="builder">The route or group.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OperatorHereOnly<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Restrict(static (policy, context) => policy.IsOperatorHere(context)
            ? null
            : Refusal(
                ProblemTypes.OperatorOnly,
                "This route answers the operator on the same machine, who shows 'Authorization: Bearer' and the token of "
                + $"{AccessOptions.Section}:{nameof(AccessOptions.OperatorTokenFile)}."));

    private static TBuilder Restrict<TBuilder>(this TBuilder builder, Func<AccessPolicy, HttpContext, ProblemDetails?> check)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .Guard(context => check(context.RequestServices.GetRequiredService<AccessPolicy>(), context));

    private static ProblemDetails? CheckLocal(AccessPolicy policy, HttpContext context) => policy.IsLocal(context)
        ? null
        : Refusal(
            ProblemTypes.LocalOnly,
            "This route answers callers on the same machine, or over TLS. "
            + $"Behind a front that admits only the right ones, set {AccessOptions.Section}:{nameof(AccessOptions.TrustFront)}.");

    private static ProblemDetails? CheckHost(AccessPolicy policy, HttpContext context) => policy.IsOwnHost(context.Request)
        ? null
        : Refusal(
            ProblemTypes.ForeignHost,
            "The Host header does not name this node. "
            + $"If it should, add the name to {AccessOptions.Section}:{nameof(AccessOptions.AllowedHosts)}.");

    private static ProblemDetails? CheckOrigin(HttpContext context) => AccessPolicy.IsOwnOrigin(context.Request)
        ? null
        : Refusal(ProblemTypes.ForeignOrigin, "The request comes from a page of another origin.");

    private static ProblemDetails? CheckOriginWhenUnsafe(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? null : CheckOrigin(context);

    private static ProblemDetails Refusal(string type, string detail) => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Type = type,
        Detail = detail,
    };
}
