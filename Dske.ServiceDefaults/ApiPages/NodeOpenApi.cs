using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace Dske.ServiceDefaults.ApiPages;

/// <summary>What the framework does not know about the nodes' API when it describes it.</summary>
internal static class NodeOpenApi
{
    /// <summary>Declares the path parameters that no handler asks for, such as the node's own name.</summary>
    public static Task DeclarePathParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in RoutePatternFactory.Parse(context.Description.RelativePath ?? string.Empty).Parameters)
        {
            if (operation.Parameters?.Any(known => known.Name == parameter.Name) != true)
            {
                var description = context.Description.ActionDescriptor.EndpointMetadata
                    .OfType<PathParameterDescription>()
                    .FirstOrDefault(known => known.Name == parameter.Name)?.Text;
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
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
}
