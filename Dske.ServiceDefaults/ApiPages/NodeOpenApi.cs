using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace Dske.ServiceDefaults.ApiPages;

/// <summary>What the framework does not know about the nodes' API when it describes it.</summary>
internal static class NodeOpenApi
{
    /// <summary>Declares the path parameters that no handler asks for, such as the node's own name.</summary>
    public static Task DeclarePathParameters(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        foreach (var parameter in RoutePatternFactory.Parse(context.Description.RelativePath ?? string.Empty).Parameters)
        {
            if (operation.Parameters?.Any(known => known.Name == parameter.Name) != true)
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(Declare(parameter.Name, context));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Problems may carry more members than the standard's, although requests may not.</summary>
    public static Task OpenProblems(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (typeof(ProblemDetails).IsAssignableFrom(context.JsonTypeInfo.Type))
        {
            schema.AdditionalPropertiesAllowed = true;
        }

        return Task.CompletedTask;
    }

    private static OpenApiParameter Declare(string name, OpenApiOperationTransformerContext context)
    {
        var description = context.Description.ActionDescriptor.EndpointMetadata
            .OfType<PathParameterDescription>()
            .FirstOrDefault(known => known.Name == name);
        return new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = description?.Text,
            Example = description?.Example(context.ApplicationServices),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }
}
