/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { BaseHttpRequest } from './core/BaseHttpRequest';
import type { OpenAPIConfig } from './core/OpenAPI';
import { FetchHttpRequest } from './core/FetchHttpRequest';
import { AdminService } from './services/AdminService';
import { AuditService } from './services/AuditService';
import { CandidatesService } from './services/CandidatesService';
import { ControlsService } from './services/ControlsService';
import { MigrationsService } from './services/MigrationsService';
import { MigratorService } from './services/MigratorService';
import { RegistryService } from './services/RegistryService';
import { RunsService } from './services/RunsService';
import { StatisticsService } from './services/StatisticsService';
import { SystemService } from './services/SystemService';
type HttpRequestConstructor = new (config: OpenAPIConfig) => BaseHttpRequest;
export class LoomClient {
  public readonly admin: AdminService;
  public readonly audit: AuditService;
  public readonly candidates: CandidatesService;
  public readonly controls: ControlsService;
  public readonly migrations: MigrationsService;
  public readonly migrator: MigratorService;
  public readonly registry: RegistryService;
  public readonly runs: RunsService;
  public readonly statistics: StatisticsService;
  public readonly system: SystemService;
  public readonly request: BaseHttpRequest;
  constructor(config?: Partial<OpenAPIConfig>, HttpRequest: HttpRequestConstructor = FetchHttpRequest) {
    this.request = new HttpRequest({
      BASE: config?.BASE ?? 'http://localhost:8080',
      VERSION: config?.VERSION ?? '1.0.0',
      WITH_CREDENTIALS: config?.WITH_CREDENTIALS ?? false,
      CREDENTIALS: config?.CREDENTIALS ?? 'include',
      TOKEN: config?.TOKEN,
      USERNAME: config?.USERNAME,
      PASSWORD: config?.PASSWORD,
      HEADERS: config?.HEADERS,
      ENCODE_PATH: config?.ENCODE_PATH,
    });
    this.admin = new AdminService(this.request);
    this.audit = new AuditService(this.request);
    this.candidates = new CandidatesService(this.request);
    this.controls = new ControlsService(this.request);
    this.migrations = new MigrationsService(this.request);
    this.migrator = new MigratorService(this.request);
    this.registry = new RegistryService(this.request);
    this.runs = new RunsService(this.request);
    this.statistics = new StatisticsService(this.request);
    this.system = new SystemService(this.request);
  }
}
