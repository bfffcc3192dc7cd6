using Dske.Protocol.Enrolment;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Dske.Hub.Enrolment;

/// <summary>Describes enrolment tokens in the API document of a hub that asks for them.</summary>
internal static class EnrolmentDescription
{
    private const string SchemeName = "enrolment";

    /// <summary>Says that an operation needs a token.</summary>
    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.ApplicationServices.GetRequiredService<OutOfBandAccess>().Mode == OutOfBandMode.Token && context.Document is { } document)
        {
            document.AddComponent<IOpenApiSecurityScheme>(SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "dske1",
                Description = "An enrolment token of this hub, which names the client and the encryptors that it may claim.",
            });
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
        }

        return Task.CompletedTask;
    }
}
