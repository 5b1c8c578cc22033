-- Landings of a chart's branch that commons of the source follow: in which source the chart is. None: the
-- landing is the source's own.
ALTER TABLE landings ADD COLUMN chart TEXT REFERENCES sources (id) ON DELETE CASCADE;
CREATE INDEX landings_chart ON landings (chart);
