/**
 * As much of @pulumi/kubernetes 4.34.2 as examples/helm uses, so that its type check needs no more than this checkout has:
 * the package fetches a plugin where it is installed, and its types take longer to read than all others together.
 */
declare module "@pulumi/kubernetes" {
  import type { CustomResource, CustomResourceOptions, ID, Input, Output } from "@pulumi/pulumi";

  namespace helm.v3 {
    interface ReleaseArgs {
      readonly chart: Input<string>;
      readonly createNamespace?: Input<boolean | undefined>;
      readonly name?: Input<string | undefined>;
      readonly namespace?: Input<string | undefined>;
      readonly repositoryOpts?: Input<{ readonly repo?: Input<string> } | undefined>;
      readonly timeout?: Input<number | undefined>;
      readonly values?: Input<Readonly<Record<string, unknown>> | undefined>;
      readonly version?: Input<string | undefined>;
    }

    class Release extends CustomResource {
      readonly status: Output<{ readonly name: string; readonly namespace: string }>;
      constructor(name: string, args?: ReleaseArgs, opts?: CustomResourceOptions);
    }
  }

  namespace core.v1 {
    interface ServiceStatus {
      readonly loadBalancer: {
        readonly ingress: readonly { readonly hostname: string; readonly ip: string }[];
      };
    }

    class Service extends CustomResource {
      static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): Service;
      readonly status: Output<ServiceStatus>;
    }
  }
}
