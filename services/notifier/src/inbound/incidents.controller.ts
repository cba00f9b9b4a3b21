import type { IncidentView } from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { type DeliveryView, ListDeliveries } from '../app/list-deliveries.ts';
import { ListIncidents } from '../app/list-incidents.ts';

const limitSchema = z.coerce.number().int().min(1).max(200).default(50);
const incidentsQuerySchema = z.object({ state: z.enum(['open', 'resolved']).optional(), limit: limitSchema });
const deliveriesQuerySchema = z.object({ limit: limitSchema });
const idSchema = z.uuid();

@Controller()
export class IncidentsController {
  constructor(
    private readonly listIncidents: ListIncidents,
    private readonly listDeliveries: ListDeliveries,
  ) {}

  @Get('incidents')
  incidents(
    @Query(zodQuery(incidentsQuerySchema)) query: z.infer<typeof incidentsQuerySchema>,
  ): Promise<{ items: IncidentView[] }> {
    return this.listIncidents.run(query.state, query.limit);
  }

  @Get('incidents/:id')
  incident(@Param('id', zodParam(idSchema)) id: string): Promise<IncidentView> {
    return this.listIncidents.one(id);
  }

  @Get('deliveries')
  deliveries(
    @Query(zodQuery(deliveriesQuerySchema)) query: z.infer<typeof deliveriesQuerySchema>,
  ): Promise<{ items: DeliveryView[] }> {
    return this.listDeliveries.run(query.limit);
  }
}
