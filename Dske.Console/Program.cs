using Dske.Console.Otlp;
using Dske.Console.Telemetry;
using Dske.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddTelemetryStore();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOtlp();
return await app.RunNodeAsync();
